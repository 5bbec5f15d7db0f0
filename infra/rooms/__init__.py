"""One construct per room, in a file of the room's name: its trigger, its role, its numbers.

Knows what starts a room and what it may touch. Refuses to know what the room does.
"""
