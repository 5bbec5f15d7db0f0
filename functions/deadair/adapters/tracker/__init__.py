"""The tracker outside: what is told to it, and its answer."""
