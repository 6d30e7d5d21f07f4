# This machine.
arch native
how local
