"""Job files read by the launchers themselves; `packaging/launchers` installs these and runs both steps."""
