"""Published measurements: predicted from their configuration, fitted on, and shown beside answers."""
