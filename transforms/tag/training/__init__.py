"""Training of the models that find names: gold data in, weights out."""
