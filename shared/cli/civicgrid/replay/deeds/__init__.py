"""What the played people do: one module for each kind of what waits for them."""
