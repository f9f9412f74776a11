"""ANY PICTURE MADE ANEW, IN A CHILD THAT MAY BE KILLED: bytes of a partner's -> JPEGs of ours. It fetches nothing."""
