"""How many tokens a text, an image, an example and a file have, counted without a network."""
