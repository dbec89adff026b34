"""How does the audience grow, who is it, and when is it there?

`growth` tells followers, gains and losses; `pace` their speed in words; `hints` which posts came before days of unusual
gains; `people` what platforms tell of who the audience is; `online` at which hours it is there.
"""
