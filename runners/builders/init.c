/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first process of a guest (see the script qemu-system), and the only one that is not hupstorm's.
 *
 * Loads the modules in /modules in their order, mounts what a process expects, and the folder of the host that
 * has the tag "hand" on /hand. Then runs /hand/command (as env(1) would: assignments, a program, its arguments, a line
 * each) in /hand/work, or in PWD if that is assigned (/tmp is in memory), with its output in /hand/output, and says
 * "alive" every second. When it has ended, its status (as a shell would give it) is in /hand/status, and the machine is
 * switched off. A guest without that file has failed, and what it had written is there.
 *
 * A store of hupstorm can be on /hand: 9p does its locks among the processes of the guest alone, and with cache=mmap the
 * memory that they share. The host must not open it meanwhile.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 256, SECOND = 1 };

static const char hand_over[] = "trans=virtio,version=9p2000.L,msize=262144,cache=mmap";

static _Noreturn void switch_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	_exit(1);
}

static _Noreturn void give_up(const char *what)
{
	printf("init: %s: %s\n", what, strerror(errno));
	switch_off();
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void load_modules(void)
{
	struct dirent **files;
	int count = scandir("/modules", &files, not_hidden, alphasort);

	for (int i = 0; i < count; i++) {
		char path[512];
		int file;

		snprintf(path, sizeof path, "/modules/%s", files[i]->d_name);
		file = open(path, O_RDONLY | O_CLOEXEC);
		if (file < 0 || syscall(SYS_finit_module, file, "", 0))
			give_up(path);
		close(file);
	}
}

static void mount_all(void)
{
	static const struct {
		const char *type, *at;
	} mounts[] = { { "devtmpfs", "/dev" }, { "proc", "/proc" }, { "sysfs", "/sys" },
		{ "tmpfs", "/tmp" } };

	for (size_t i = 0; i < sizeof mounts / sizeof mounts[0]; i++) {
		mkdir(mounts[i].at, 0755);
		if (mount(mounts[i].type, mounts[i].at, mounts[i].type, 0, NULL))
			give_up(mounts[i].at);
	}
	mkdir("/hand", 0755);
	if (mount("hand", "/hand", "9p", 0, hand_over))
		give_up("/hand");
}

/* The lines of a file, for as long as the process lives. */
static void read_command(char *arguments[ARGUMENTS_MAX + 1])
{
	static char text[65536];
	FILE *file = fopen("/hand/command", "re");
	size_t count = 0;

	if (!file || !fread(text, 1, sizeof text - 1, file))
		give_up("/hand/command");
	fclose(file);
	for (char *line = strtok(text, "\n"); line && count < ARGUMENTS_MAX;
		line = strtok(NULL, "\n"))
		if (count || !strchr(line, '='))
			arguments[count++] = line;
		else
			putenv(line);
	arguments[count] = NULL;
	errno = EINVAL;
	if (!count)
		give_up("/hand/command: no program");
}

static _Noreturn void execute(char *arguments[], const sigset_t *mask)
{
	const char *folder = getenv("PWD");
	int output = open("/hand/output", O_WRONLY | O_CREAT | O_TRUNC, 0644);

	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	setsid();
	sigprocmask(SIG_SETMASK, mask, NULL);
	mkdir("/hand/work", 0755);
	if (!chdir(folder ? folder : "/hand/work"))
		execv(arguments[0], arguments);
	fprintf(stderr, "init: %s: %s\n", arguments[0], strerror(errno));
	_exit(127);
}

/* Orphans are everybody's: only the status of this one is. */
static int await(pid_t program, const sigset_t *child)
{
	const struct timespec second = { SECOND, 0 };
	int status;
	pid_t ended;

	for (;;) {
		sigtimedwait(child, NULL, &second);
		printf("init: alive\n");
		while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
			if (ended == program)
				return WIFEXITED(status) ? WEXITSTATUS(status)
							 : 128 + WTERMSIG(status);
	}
}

static void write_status(int status)
{
	FILE *file = fopen("/hand/status.new", "we");

	if (!file || fprintf(file, "%d\n", status) < 0 || fclose(file) ||
		rename("/hand/status.new", "/hand/status"))
		give_up("/hand/status");
}

int main(void)
{
	char *arguments[ARGUMENTS_MAX + 1];
	sigset_t child, before;
	pid_t program;
	int status;

	/* The root has no other program: this one is /bin/true as well. */
	if (getpid() != 1)
		return 0;
	setvbuf(stdout, NULL, _IOLBF, 0);
	load_modules();
	mount_all();
	setenv("PATH", "/bin:/usr/bin", 1);
	setenv("HOME", "/tmp", 1);
	read_command(arguments);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &before);
	program = fork();
	if (program < 0)
		give_up("fork");
	if (!program)
		execute(arguments, &before);
	status = await(program, &child);
	write_status(status);
	printf("init: status %d\n", status);
	switch_off();
}
