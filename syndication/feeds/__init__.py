"""From articles to a published feed: the same articles as RSS 2.0, Atom 1.0 and JSON Feed 1.1.

In: a Feed, and articles with what a channel may show of each. Out: FeedDocuments, the same bytes each time.
"""
