"""What screens, the command line and the API may ask for. `open_services(home)` is the one composition root."""
