/* SPDX-License-Identifier: BSD-2-Clause */
#include "liveness.h"

#ifdef __x86_64__

#include "functions.h"
#include "pool.h"

#include "stress/sim/touch.h"

#include <stdlib.h>
#include <string.h>

#include <capstone.h>

enum { WORD = 8, FRAMES_MAX = 4096, SAVED = 1 << RBX | 1 << RBP | 0xf << R12 };

enum kind { OTHER, PUSHES, POPS };
enum access { NO_SLOT_OF_ITS, READS, WRITES };

/* What matters of an instruction. */
struct step {
	uint64_t address, target;
	enum kind kind;
	enum access access;
	bool falls, jumps, returns, calls; /* how it goes on */
	bool saves;			   /* pushes a register that is the caller's */
	int moves;			   /* how far the stack pointer falls */
	int height;	    /* how far it has fallen before; -1: not seen */
	int offset, length; /* of its bytes of the frame, from the top */
	uint16_t reads, kills;
	struct live live; /* before it */
};

struct body {
	struct step *steps;
	size_t count;
	bool escapes; /* the address of something in the frame is known elsewhere */
	bool known;
};

/* The machine's number of a register, of any width; -1: none of the 16. */
static int register_number(unsigned name)
{
	static const uint16_t names[16][5] = {
		{ X86_REG_RAX, X86_REG_EAX, X86_REG_AX, X86_REG_AL, X86_REG_AH },
		{ X86_REG_RCX, X86_REG_ECX, X86_REG_CX, X86_REG_CL, X86_REG_CH },
		{ X86_REG_RDX, X86_REG_EDX, X86_REG_DX, X86_REG_DL, X86_REG_DH },
		{ X86_REG_RBX, X86_REG_EBX, X86_REG_BX, X86_REG_BL, X86_REG_BH },
		{ X86_REG_RSP, X86_REG_ESP, X86_REG_SP, X86_REG_SPL },
		{ X86_REG_RBP, X86_REG_EBP, X86_REG_BP, X86_REG_BPL },
		{ X86_REG_RSI, X86_REG_ESI, X86_REG_SI, X86_REG_SIL },
		{ X86_REG_RDI, X86_REG_EDI, X86_REG_DI, X86_REG_DIL },
		{ X86_REG_R8, X86_REG_R8D, X86_REG_R8W, X86_REG_R8B },
		{ X86_REG_R9, X86_REG_R9D, X86_REG_R9W, X86_REG_R9B },
		{ X86_REG_R10, X86_REG_R10D, X86_REG_R10W, X86_REG_R10B },
		{ X86_REG_R11, X86_REG_R11D, X86_REG_R11W, X86_REG_R11B },
		{ X86_REG_R12, X86_REG_R12D, X86_REG_R12W, X86_REG_R12B },
		{ X86_REG_R13, X86_REG_R13D, X86_REG_R13W, X86_REG_R13B },
		{ X86_REG_R14, X86_REG_R14D, X86_REG_R14W, X86_REG_R14B },
		{ X86_REG_R15, X86_REG_R15D, X86_REG_R15W, X86_REG_R15B },
	};

	for (int i = 0; i < 16; i++)
		for (int j = 0; j < 5; j++)
			if (name && names[i][j] == name)
				return i;
	return -1;
}

static uint16_t register_bit(unsigned name)
{
	int number = register_number(name);

	return number < 0 ? 0 : (uint16_t)(1 << number);
}

/* It writes all of its first operand and reads nothing of it. */
static bool only_writes(const cs_insn *insn)
{
	const cs_x86 *x86 = &insn->detail->x86;

	switch (insn->id) {
	case X86_INS_MOV:
	case X86_INS_MOVABS:
	case X86_INS_MOVZX:
	case X86_INS_MOVSX:
	case X86_INS_MOVSXD:
	case X86_INS_LEA:
	case X86_INS_MOVUPS:
	case X86_INS_MOVAPS:
	case X86_INS_MOVUPD:
	case X86_INS_MOVAPD:
	case X86_INS_MOVDQA:
	case X86_INS_MOVDQU:
		return true;
	case X86_INS_IMUL:
		return x86->op_count == 3;
	case X86_INS_XOR:
		return x86->operands[0].type == X86_OP_REG &&
		       x86->operands[1].type == X86_OP_REG &&
		       x86->operands[0].reg == x86->operands[1].reg;
	default:
		return false;
	}
}

static void note_memory(struct body *body, struct step *step, const cs_x86_op *op,
	bool first, bool written)
{
	uint16_t index = register_bit(op->mem.index);

	step->reads |= (uint16_t)((register_bit(op->mem.base) | index) & ~(1 << RSP));
	if (register_bit(op->mem.base) != 1 << RSP)
		return;
	if (index) {
		body->escapes = true;
		return;
	}
	/* The height is added when it is known. */
	step->access = first && written ? WRITES : READS;
	step->offset = -(int)op->mem.disp;
	step->length = op->size;
}

static void note_stack_pointer(
	struct body *body, struct step *step, const cs_insn *insn, bool first)
{
	const cs_x86_op *amount = &insn->detail->x86.operands[1];

	if (!first && insn->id == X86_INS_MOV)
		body->escapes = true;
	else if (first && insn->id == X86_INS_SUB && amount->type == X86_OP_IMM)
		step->moves = (int)amount->imm;
	else if (first && insn->id == X86_INS_ADD && amount->type == X86_OP_IMM)
		step->moves = -(int)amount->imm;
	else
		body->known = false;
}

static void note_register(struct body *body, struct step *step, const cs_insn *insn,
	const cs_x86_op *op, bool first)
{
	uint16_t bit = register_bit(op->reg);

	if (bit == 1 << RSP) {
		note_stack_pointer(body, step, insn, first);
		return;
	}
	if (first && only_writes(insn)) {
		if (op->size >= 4)
			step->kills = bit;
		else
			step->reads |= bit;
	} else if (insn->id != X86_INS_XOR || !only_writes(insn)) {
		step->reads |= bit;
	}
}

static void note_operands(struct body *body, struct step *step, const cs_insn *insn)
{
	const cs_x86 *x86 = &insn->detail->x86;

	for (int i = 0; i < x86->op_count; i++) {
		const cs_x86_op *op = &x86->operands[i];

		if (op->type == X86_OP_REG) {
			note_register(body, step, insn, op, i == 0);
		} else if (op->type == X86_OP_MEM) {
			note_memory(body, step, op, i == 0, only_writes(insn));
			/* Of an address alone nothing is read. */
			if (insn->id == X86_INS_LEA && step->access) {
				body->escapes = true;
				step->access = NO_SLOT_OF_ITS;
			}
		}
	}
	for (int i = 0; i < insn->detail->regs_read_count; i++)
		step->reads |= (uint16_t)(register_bit(insn->detail->regs_read[i]) &
					  ~(1 << RSP));
}

static void note_stack(struct body *body, struct step *step, const cs_insn *insn)
{
	const cs_x86_op *op = &insn->detail->x86.operands[0];
	bool pushes = insn->id == X86_INS_PUSH;

	step->kind = pushes ? PUSHES : POPS;
	step->moves = pushes ? WORD : -WORD;
	step->offset = pushes ? WORD : 0;
	step->length = WORD;
	if (op->type == X86_OP_REG && op->size == WORD &&
		register_bit(op->reg) != 1 << RSP)
		step->kills = register_bit(op->reg);
	else
		body->known &= pushes && op->type == X86_OP_IMM;
	step->saves = pushes && step->kills & SAVED;
}

/* A call hands its arguments over in registers. */
static const uint16_t argument_registers = 1 << RAX | 1 << RDI | 1 << RSI | 1 << RDX |
					   1 << RCX | 1 << R8 | 1 << R9 | 1 << R10;

static void note_flow(
	struct body *body, struct step *step, const cs_insn *insn, csh handle)
{
	const cs_x86_op *op = &insn->detail->x86.operands[0];

	step->falls = true;
	if (insn->id == X86_INS_CALL) {
		step->calls = true;
		step->reads |=
			op->type == X86_OP_IMM &&
					sim_is_touch((const void *)(uintptr_t)op->imm)
				? 1 << RDI
				: argument_registers;
	} else if (insn->id == X86_INS_RET) {
		step->falls = false;
		step->returns = true;
	} else if (insn->id == X86_INS_UD2 || insn->id == X86_INS_HLT) {
		step->falls = false;
	} else if (cs_insn_group(handle, insn, X86_GRP_JUMP)) {
		body->known &= op->type == X86_OP_IMM;
		step->jumps = true;
		step->target = (uint64_t)op->imm;
		step->falls = insn->id != X86_INS_JMP;
	}
}

static bool moves_stack_otherwise(const cs_insn *insn)
{
	for (int i = 0; i < insn->detail->regs_write_count; i++)
		if (register_bit(insn->detail->regs_write[i]) == 1 << RSP)
			return true;
	return false;
}

static struct step step_of(struct body *body, const cs_insn *insn, csh handle)
{
	struct step step = { .address = insn->address, .height = -1 };

	note_flow(body, &step, insn, handle);
	if (insn->id == X86_INS_PUSH || insn->id == X86_INS_POP)
		note_stack(body, &step, insn);
	else
		note_operands(body, &step, insn);
	if (step.kind == OTHER && !step.calls && !step.returns &&
		moves_stack_otherwise(insn))
		body->known = false;
	return step;
}

static void disassemble(struct body *body, const struct function *function)
{
	cs_insn *insns = NULL;
	csh handle;
	size_t count, size = 0;

	if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle))
		return;
	cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
	count = cs_disasm(handle, (const uint8_t *)function->address, function->size,
		function->address, 0, &insns);
	body->known = true;
	body->steps = reallocate(NULL, (count + 1) * sizeof *body->steps);
	for (size_t i = 0; i < count; i++) {
		body->steps[i] = step_of(body, &insns[i], handle);
		size += insns[i].size;
	}
	body->known &= size == function->size;
	body->count = count;
	if (insns)
		cs_free(insns, count);
	cs_close(&handle);
}

/* The step at that address; body->count: outside of the function. */
static size_t step_at(const struct body *body, uint64_t address)
{
	size_t i = 0;

	while (i < body->count && body->steps[i].address != address)
		i++;
	return i;
}

static bool set_height(struct body *body, size_t i, int height)
{
	if (i >= body->count || body->steps[i].height == height)
		return false;
	if (body->steps[i].height >= 0 || height < 0 || height > FRAME_MAX) {
		body->known = false;
		return false;
	}
	body->steps[i].height = height;
	return true;
}

/* How high the stack is before each step, from the function's first on. */
static void find_heights(struct body *body)
{
	bool more = body->count && set_height(body, 0, 0);

	while (more && body->known) {
		more = false;
		for (size_t i = 0; i < body->count; i++) {
			const struct step *step = &body->steps[i];
			int after = step->height + step->moves;

			if (step->height < 0)
				continue;
			if (step->falls)
				more |= set_height(body, i + 1, after);
			if (step->jumps)
				more |= set_height(
					body, step_at(body, step->target), after);
			body->known &= !step->returns || !step->height;
		}
	}
}

/* Where in the frame its bytes are; what is above the frame is the caller's. */
static void place_slots(struct body *body)
{
	for (size_t i = 0; i < body->count; i++) {
		struct step *step = &body->steps[i];

		if (step->height < 0 || (step->kind == OTHER && !step->access))
			continue;
		step->offset += step->height;
		body->known &= step->offset >= step->length && step->offset <= FRAME_MAX;
	}
}

static void set_bytes(struct live *live, const struct step *step, bool value)
{
	for (int byte = step->offset - step->length; byte < step->offset; byte++) {
		uint64_t bit = UINT64_C(1) << byte % 64;

		if (value)
			live->frame[byte / 64] |= bit;
		else
			live->frame[byte / 64] &= ~bit;
	}
}

static bool any_byte(const struct live *live, const struct step *step)
{
	for (int byte = step->offset - step->length; byte < step->offset; byte++)
		if (live_byte(live, (size_t)byte))
			return true;
	return false;
}

static void unite(struct live *live, const struct live *other)
{
	for (size_t i = 0; i < FRAME_MAX / 64; i++)
		live->frame[i] |= other->frame[i];
	live->registers |= other->registers;
}

/* What is live after it becomes what is live before it. A register that is pushed and
 * popped is needed only as far as it is needed after. */
static void go_back(const struct step *step, struct live *live)
{
	bool needed;

	if (step->kind == PUSHES) {
		needed = any_byte(live, step);
		set_bytes(live, step, false);
		if (needed)
			live->registers |= step->kills;
		return;
	}
	needed = live->registers & step->kills;
	live->registers &= (uint16_t)~step->kills;
	if (step->kind == POPS ? needed : step->access == READS)
		set_bytes(live, step, true);
	else if (step->access == WRITES)
		set_bytes(live, step, false);
	live->registers |= step->reads;
}

static struct live live_after(const struct body *body, size_t i, uint16_t registers)
{
	const struct step *step = &body->steps[i];
	struct live live = { .registers = step->returns ? registers : 0 };
	size_t target;

	if (step->falls && i + 1 < body->count)
		unite(&live, &body->steps[i + 1].live);
	if (!step->jumps)
		return live;
	target = step_at(body, step->target);
	if (target < body->count)
		unite(&live, &body->steps[target].live);
	else
		live.registers |= registers | argument_registers;
	return live;
}

static void find_live(struct body *body, uint16_t registers)
{
	bool more = true;

	for (size_t i = 0; i < body->count; i++)
		body->steps[i].live = (struct live){ 0 };
	while (more) {
		more = false;
		for (size_t i = body->count; i-- > 0;) {
			struct live live = live_after(body, i, registers);

			if (body->steps[i].height < 0)
				continue;
			go_back(&body->steps[i], &live);
			if (!memcmp(&live, &body->steps[i].live, sizeof live))
				continue;
			body->steps[i].live = live;
			more = true;
		}
	}
}

/* With an address known elsewhere: all that no register was saved in. */
static void add_escaped(const struct body *body, struct frame *frame)
{
	uint64_t saved[FRAME_MAX / 64] = { 0 };

	for (size_t i = 0; i < body->count; i++)
		for (int byte = 0; body->steps[i].saves && byte < WORD; byte++) {
			int at = body->steps[i].offset - WORD + byte;

			saved[at / 64] |= UINT64_C(1) << at % 64;
		}
	for (size_t byte = 0; byte < frame->size; byte++)
		if (!(saved[byte / 64] >> byte % 64 & 1))
			frame->live.frame[byte / 64] |= UINT64_C(1) << byte % 64;
}

static void analyse(struct frame *frame, uintptr_t address, uint16_t registers)
{
	struct body body = { 0 };
	struct function function;
	size_t at;

	*frame = (struct frame){ 0 };
	if (!function_at(address, &function))
		return;
	disassemble(&body, &function);
	if (body.known)
		find_heights(&body);
	if (body.known)
		place_slots(&body);
	at = step_at(&body, address);
	if (body.known && at && at < body.count && body.steps[at - 1].calls &&
		body.steps[at].height >= 0) {
		find_live(&body, registers);
		*frame = (struct frame){ .known = true,
			.size = (size_t)body.steps[at].height,
			.live = body.steps[at].live };
		if (body.escapes)
			add_escaped(&body, frame);
	}
	free(body.steps);
}

const struct frame *frame_at(uintptr_t address, uint16_t registers)
{
	static struct {
		uintptr_t address;
		uint16_t registers;
		struct frame *frame;
	} frames[FRAMES_MAX];
	size_t slot = address * 31 + registers * 2654435761U, tries = 0;

	for (; frames[slot % FRAMES_MAX].address && tries < FRAMES_MAX; slot++, tries++)
		if (frames[slot % FRAMES_MAX].address == address &&
			frames[slot % FRAMES_MAX].registers == registers)
			return frames[slot % FRAMES_MAX].frame;
	slot %= FRAMES_MAX;
	if (!frames[slot].frame)
		frames[slot].frame = reallocate(NULL, sizeof *frames[slot].frame);
	frames[slot].address = address;
	frames[slot].registers = registers;
	analyse(frames[slot].frame, address, registers);
	return frames[slot].frame;
}

#endif
