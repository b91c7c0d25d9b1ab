"""The quotation desk: is it verbatim, where does it stand, does it still stand there."""
