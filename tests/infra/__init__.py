"""Claims about the stack, the bundle, the lock and the set-up."""
