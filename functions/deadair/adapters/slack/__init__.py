"""The neighbour that people talk to: Slack. A view of the incidents, never their home."""
