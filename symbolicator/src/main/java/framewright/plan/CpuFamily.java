package framewright.plan;

import org.jspecify.annotations.Nullable;

/** What the rules for addresses need to know of a CPU. */
enum CpuFamily {
    X86(1, 1, "eip"),
    X86_64(1, 1, "rip"),
    ARM(2, 2, "pc"),
    ARM64(4, 4, "pc"),
    ARM64_32(4, 4, "pc"),
    PPC(4, 4, "srr0"),
    PPC64(8, 8, "srr0"),
    /** The slot after a jump is executed before it, so that a return lies two instructions after its call. */
    MIPS(4, 8, "pc"),
    WASM(4, 4, null),
    UNKNOWN(1, 1, null);

    /** Instructions start at multiples of this, in bytes. */
    final int alignment;
    /** From a return address back into the call, in bytes. */
    final int step;
    /** The register that holds the address of the current instruction. */
    final @Nullable String instructionPointer;

    CpuFamily(int alignment, int step, @Nullable String instructionPointer) {
        this.alignment = alignment;
        this.step = step;
        this.instructionPointer = instructionPointer;
    }

    /** @param arch with its variant, as {@code arm64e} or {@code x86_64h} */
    static CpuFamily of(String arch) {
        if (arch.startsWith("x86_64")) {
            return X86_64;
        } else if (arch.startsWith("x86")) {
            return X86;
        } else if (arch.startsWith("arm64_32")) {
            return ARM64_32;
        } else if (arch.startsWith("arm64")) {
            return ARM64;
        } else if (arch.startsWith("arm")) {
            return ARM;
        } else if (arch.startsWith("ppc64")) {
            return PPC64;
        } else if (arch.startsWith("ppc")) {
            return PPC;
        } else if (arch.startsWith("mips")) {
            return MIPS;
        }
        return arch.startsWith("wasm") ? WASM : UNKNOWN;
    }
}
