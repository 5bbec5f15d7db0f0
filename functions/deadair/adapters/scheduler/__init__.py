"""EventBridge Scheduler: messages at an instant to come."""
