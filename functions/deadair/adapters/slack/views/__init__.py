"""What modals and the App Home show: pure functions from state to a view."""
