# ppc64 instructions on this machine's kernel, which has no seccomp for them: for long soaks.
arch ppc64
how qemu-user
emulated yes
patience 4
options --no-sandbox
default no
