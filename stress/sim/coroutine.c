/* SPDX-License-Identifier: BSD-2-Clause */
#include "coroutine.h"

#include <stdint.h>
#include <string.h>

#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_UNPOISON_MEMORY_REGION(memory, size) ((void)0)
#endif

#if defined(__x86_64__)

/* rbx, rbp and r12 to r15 are all that a call preserves, beside rsp. */
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
	"	popq %rbp\n"
	"	ret\n"
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

#endif

#if defined(__x86_64__) || defined(__aarch64__)

/* The frame lies so that the stack is aligned as after a call. */
void coroutine_prepare(
	struct coroutine *coroutine, void *stack, size_t size, void (*entry)(void))
{
	uintptr_t top = ((uintptr_t)stack + size) & ~(uintptr_t)15;
	void **frame = (void **)top - FRAME_WORDS;

	/* Those who used the stack before may not have returned. */
	ASAN_UNPOISON_MEMORY_REGION(stack, size);
	memset(frame, 0, FRAME_WORDS * sizeof *frame);
	frame[RETURN_WORD] = (void *)(uintptr_t)entry;
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
