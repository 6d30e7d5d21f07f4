# The same, big-endian, with a kernel made from Debian's sources.
arch ppc64
how qemu-system
emulated yes
patience 4
