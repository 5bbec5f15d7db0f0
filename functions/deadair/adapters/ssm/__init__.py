"""The neighbour that keeps secrets: SSM parameters."""
