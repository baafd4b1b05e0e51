"""What devices and networks can do: kernel times and collective times, on arrays."""
