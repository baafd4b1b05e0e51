"""Data that ships with Nodewise: facts, calibration, evidence, examples, icons, schemas."""
