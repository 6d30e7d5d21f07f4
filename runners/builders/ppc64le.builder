# A whole POWER9 machine, little-endian, with Debian's kernel and two NUMA nodes; each instruction is emulated.
arch ppc64le
how qemu-system
emulated yes
patience 4
