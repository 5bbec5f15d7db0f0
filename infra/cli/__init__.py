"""The operator's command. It wires use cases, as a room does; nothing imports it."""
