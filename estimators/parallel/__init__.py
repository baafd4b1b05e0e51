"""How the work is spread: layouts, memory for each device, time of a step, and the search over them."""
