"""Your run as code: what a script says of a run, the trainer that it is cut out of, and the cutting."""
