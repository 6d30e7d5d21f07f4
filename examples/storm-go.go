// SPDX-License-Identifier: BSD-2-Clause

// storm-go crosses SIGHUP with syscall.AllThreadsSyscall: the loop that hangs Go 1.16's first mechanism and
// crashes its fix (golang/go#44193). Run it under
//
//	hupstorm exec --storm HUP:2000:process --progress '^done' -- ./storm-go
//
// It sends itself nothing; the storm comes from outside. It ends after so many broadcasts (the argument;
// 20000 without one), and prints how far it is now and then.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
)

const (
	getKeepCaps = 7 // prctl(2)
	setKeepCaps = 8
)

func die(format string, arguments ...interface{}) {
	fmt.Fprintf(os.Stderr, "storm-go: "+format+"\n", arguments...)
	os.Exit(1)
}

func main() {
	broadcasts := 20000
	if len(os.Args) > 1 {
		var err error
		if broadcasts, err = strconv.Atoi(os.Args[1]); err != nil || broadcasts < 1 {
			die("'%s': expected a number of broadcasts", os.Args[1])
		}
	}
	var handled uint64
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP)
	go func() {
		for range signals {
			atomic.AddUint64(&handled, 1)
		}
	}()
	for i := 0; i < broadcasts; i++ {
		want := uintptr(i & 1)
		if _, _, errno := syscall.AllThreadsSyscall(syscall.SYS_PRCTL, setKeepCaps, want, 0); errno != 0 {
			die("AllThreadsSyscall: %v", errno)
		}
		if got, _, _ := syscall.RawSyscall(syscall.SYS_PRCTL, getKeepCaps, 0, 0); got != want {
			die("after broadcast %d: keepcaps is %d", i, got)
		}
		if (i+1)%500 == 0 {
			fmt.Println("done", i+1)
		}
	}
	fmt.Println("handled", atomic.LoadUint64(&handled), "signals")
}
