"""From one training run to what it costs on every machine, and why."""
