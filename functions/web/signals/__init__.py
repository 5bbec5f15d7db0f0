"""Where machines come in: `/v1/signals` and the heartbeat addresses. They prove by themselves who they are."""
