"""How well everything is read. `fresh` tells how new numbers are, `covered` which days are known, `checks` whether the
numbers hang together, `restated` what was changed later, `pace` how reading goes; `summary` is all of it in a line."""
