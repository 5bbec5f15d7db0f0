"""What is Deadair's own among the integrations.

Knows the name under which the line is tried out. Refuses to know how it is tried.
"""

# Its incidents prove that the line carries. Nobody is told of them, and no list shows them.
WATCHDOG = "deadair-watchdog"
