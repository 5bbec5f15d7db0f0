"""The neighbour that keeps metrics and watches them: CloudWatch."""
