"""A self-hosted newsletter and RSS syndication service.

Articles flow one way:

    partner -> Source -> Document -> Entry -> Article -> Story
                                                 |
              FeedDocument <- Feed <-------------+--> Edition -> Batch -> Message -> inbox
                                                                   ^                   |
                                                                   +------ events -----+

`sources` reads, `articles` makes clean, `feeds` and `editions` publish, `deliveries` and `senders` mail,
`storage` remembers.
"""

__version__ = "0.1.0"
