package fault

// PlayProcess plays a fault with the real binary.
func PlayProcess(f Fault, seed uint64, binary string) Verdict {
	return Verdict{Fault: f.ID(), Seed: seed}
}
