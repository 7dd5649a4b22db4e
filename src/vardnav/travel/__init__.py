"""Travel times between points: a documented estimate until road times are built."""
