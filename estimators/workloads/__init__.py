"""What is computed for one sample: one module for each family of models, one profile for all."""
