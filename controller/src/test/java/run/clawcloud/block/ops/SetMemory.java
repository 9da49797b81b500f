package run.clawcloud.block.ops;

/** Memory as a test wants it. */
record SetMemory(long residentSet, long heap, long heapNeeded, long heapLimit) implements ProcessMemory {}
