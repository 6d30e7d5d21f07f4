/* SPDX-License-Identifier: BSD-2-Clause */
#include "coroutine.h"

#include <stdint.h>
#include <string.h>

#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_UNPOISON_MEMORY_REGION(memory, size) ((void)0)
#endif

#if !COROUTINE_SHOWS_STACK

#elif defined(__x86_64__)

/* rbx, rbp and r12 to r15 are all that a call preserves, beside rsp. The others are cleared: a function with a variable
 * number of arguments puts them on its stack, which is looked at (runners/explore/capture.h). */
#ifdef HUPSTORM_SWIFT
#define CLEAR_OTHERS ""
#else
#define CLEAR_OTHERS                                                                     \
	"	xorl %eax, %eax\n"                                                             \
	"	xorl %ecx, %ecx\n"                                                             \
	"	xorl %edx, %edx\n"                                                             \
	"	xorl %esi, %esi\n"                                                             \
	"	xorl %edi, %edi\n"                                                             \
	"	xorl %r8d, %r8d\n"                                                             \
	"	xorl %r9d, %r9d\n"                                                             \
	"	xorl %r10d, %r10d\n"                                                           \
	"	xorl %r11d, %r11d\n"
#endif

__asm__(".text\n"
	".globl coroutine_swap_stack\n"
	".type coroutine_swap_stack, @function\n"
	"coroutine_swap_stack:\n"
	"	endbr64\n"
	"	pushq %rbp\n"
	"	pushq %rbx\n"
	"	pushq %r12\n"
	"	pushq %r13\n"
	"	pushq %r14\n"
	"	pushq %r15\n"
	"	movq %rsp, (%rdi)\n"
	"	movq %rsi, %rsp\n"
	"	popq %r15\n"
	"	popq %r14\n"
	"	popq %r13\n"
	"	popq %r12\n"
	"	popq %rbx\n"
	"	popq %rbp\n" CLEAR_OTHERS "	ret\n"
	".size coroutine_swap_stack, .-coroutine_swap_stack\n");

/* The words of a frame, and where in it the address is that the swap returns to; above
 * it a return address of 0 ends the stack for debuggers. */
enum { FRAME_WORDS = 8, RETURN_WORD = 6 };

#elif defined(__aarch64__)

/* x19 to x28, the frame pointer, the link register, and the low halves of v8 to v15. */
__asm__(".text\n"
	".globl coroutine_swap_stack\n"
	".type coroutine_swap_stack, %function\n"
	"coroutine_swap_stack:\n"
	"	sub sp, sp, #160\n"
	"	stp x19, x20, [sp, #0]\n"
	"	stp x21, x22, [sp, #16]\n"
	"	stp x23, x24, [sp, #32]\n"
	"	stp x25, x26, [sp, #48]\n"
	"	stp x27, x28, [sp, #64]\n"
	"	stp x29, x30, [sp, #80]\n"
	"	stp d8, d9, [sp, #96]\n"
	"	stp d10, d11, [sp, #112]\n"
	"	stp d12, d13, [sp, #128]\n"
	"	stp d14, d15, [sp, #144]\n"
	"	mov x9, sp\n"
	"	str x9, [x0]\n"
	"	mov sp, x1\n"
	"	ldp x19, x20, [sp, #0]\n"
	"	ldp x21, x22, [sp, #16]\n"
	"	ldp x23, x24, [sp, #32]\n"
	"	ldp x25, x26, [sp, #48]\n"
	"	ldp x27, x28, [sp, #64]\n"
	"	ldp x29, x30, [sp, #80]\n"
	"	ldp d8, d9, [sp, #96]\n"
	"	ldp d10, d11, [sp, #112]\n"
	"	ldp d12, d13, [sp, #128]\n"
	"	ldp d14, d15, [sp, #144]\n"
	"	add sp, sp, #160\n"
	"	ret\n"
	".size coroutine_swap_stack, .-coroutine_swap_stack\n");

enum { FRAME_WORDS = 20, RETURN_WORD = 11 };

#elif defined(__powerpc64__)

/* r14 to r31, f14 to f31, v20 to v31, the fields of cr that are in the caller's frame with lr, and
 * r2, for one that begins. r12 is where a function of ELFv2 is entered; in ELFv1 its name is that
 * of a descriptor. */
#if _CALL_ELF == 2
#define SWAP_STACK_NAME "coroutine_swap_stack:\n"
#else
#define SWAP_STACK_NAME                                                                  \
	".section \".opd\", \"aw\"\n"                                                    \
	".align 3\n"                                                                     \
	"coroutine_swap_stack:\n"                                                        \
	"	.quad .Lswap_stack, .TOC.@tocbase, 0\n"                                        \
	".text\n"                                                                        \
	".Lswap_stack:\n"
#endif

#ifdef __ALTIVEC__
#define EACH_VECTOR(instruction)                                                         \
	"	.set offset, 352\n"                                                            \
	"	.irp n, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n"                      \
	"	li 0, offset\n"                                                                \
	"	" instruction " \\n, 1, 0\n"                                             \
	"	.set offset, offset + 16\n"                                                    \
	"	.endr\n"
enum { FRAME_SIZE = 544 };
#define FRAME_SIZE_TEXT "544"
#else
#define EACH_VECTOR(instruction)
enum { FRAME_SIZE = 352 };
#define FRAME_SIZE_TEXT "352"
#endif

#define EACH_OTHER(integer, floating)                                                    \
	"	.set offset, 56\n"                                                             \
	"	.irp n, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, "          \
	"29, "                                                                           \
	"30, 31\n"                                                                       \
	"	" integer " \\n, offset(1)\n"                                            \
	"	" floating " \\n, offset + 144(1)\n"                                     \
	"	.set offset, offset + 8\n"                                                     \
	"	.endr\n"

__asm__(".text\n"
	".globl coroutine_swap_stack\n"
	".type coroutine_swap_stack, @function\n" SWAP_STACK_NAME "	mflr 0\n"
	"	std 0, 16(1)\n"
	"	mfcr 0\n"
	"	std 0, 8(1)\n"
	"	stdu 1, -" FRAME_SIZE_TEXT "(1)\n"
	"	std 2, 48(1)\n" EACH_OTHER("std", "stfd")
		EACH_VECTOR("stvx") "	std 1, 0(3)\n"
				    "	mr 1, 4\n" EACH_VECTOR("lvx") EACH_OTHER("ld",
					    "lfd") "	ld 2, 48(1)\n"
						   "	addi 1, 1, " FRAME_SIZE_TEXT "\n"
						   "	ld 0, 8(1)\n"
						   "	mtcrf 0x38, 0\n"
						   "	ld 12, 16(1)\n"
						   "	mtlr 12\n"
						   "	blr\n");

/* Above the frame is what a caller has, with room for the registers of the arguments. */
enum {
	FRAME_WORDS = (FRAME_SIZE + 112) / 8,
	RETURN_WORD = (FRAME_SIZE + 16) / 8,
	TOC_WORD = 6
};

#endif

#if COROUTINE_SHOWS_STACK

/* Where a function is, and not where its descriptor is. */
static void return_to(void **frame, void (*entry)(void))
{
#if defined(__powerpc64__) && _CALL_ELF != 2
	void *const *descriptor = (void *const *)(uintptr_t)entry;

	frame[RETURN_WORD] = descriptor[0];
	frame[TOC_WORD] = descriptor[1];
#else
	frame[RETURN_WORD] = (void *)(uintptr_t)entry;
#endif
}

/* The frame lies so that the stack is aligned as after a call. */
void coroutine_prepare(
	struct coroutine *coroutine, void *stack, size_t size, void (*entry)(void))
{
	uintptr_t top = ((uintptr_t)stack + size) & ~(uintptr_t)15;
	void **frame = (void **)top - FRAME_WORDS;

	/* Those who used the stack before may not have returned. */
	ASAN_UNPOISON_MEMORY_REGION(stack, size);
	memset(frame, 0, FRAME_WORDS * sizeof *frame);
	return_to(frame, entry);
	coroutine->stack_pointer = frame;
}

#else

void coroutine_prepare(
	struct coroutine *coroutine, void *stack, size_t size, void (*entry)(void))
{
	ASAN_UNPOISON_MEMORY_REGION(stack, size);
	getcontext(&coroutine->context);
	coroutine->context.uc_stack.ss_sp = stack;
	coroutine->context.uc_stack.ss_size = size;
	coroutine->context.uc_link = NULL;
	makecontext(&coroutine->context, entry, 0);
}

void coroutine_switch(struct coroutine *from, struct coroutine *to)
{
	swapcontext(&from->context, &to->context);
}

#endif
