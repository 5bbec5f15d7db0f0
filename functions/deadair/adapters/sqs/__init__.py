"""The neighbour that keeps work until a room has done it: SQS."""
