"""What is computed for one sample: one module for each family of models, parts of one kind for all."""
