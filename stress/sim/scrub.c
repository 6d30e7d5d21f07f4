/* SPDX-License-Identifier: BSD-2-Clause */
#include "scrub.h"

uint8_t sim_scrub;

#if defined(__x86_64__)
/* It may change nothing that an argument can be in. In rax there is how many vector
 * registers a variadic function is handed: none, in what is simulated. It is cleared since
 * clang makes room in a frame by pushing it. */
__asm__(".text\n"
	".globl __fentry__\n"
	".type __fentry__, @function\n"
	"__fentry__:\n"
	"	cmpb $0, sim_scrub(%rip)\n"
	"	je 1f\n"
	"	xorl %eax, %eax\n"
	"	pxor %xmm15, %xmm15\n"
	"	.set offset, -16\n"
	"	.rept 20\n"
	"	movups %xmm15, offset(%rsp)\n"
	"	.set offset, offset - 16\n"
	"	.endr\n"
	"1:	ret\n"
	".size __fentry__, .-__fentry__\n");
#endif
