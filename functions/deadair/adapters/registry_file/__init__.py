"""The registry as a file that people edit: its model, its reader with line-exact errors, its writer.

For operators' machines only: reading YAML needs PyYAML, which no Lambda room has. Rooms read rows from the table.
"""
