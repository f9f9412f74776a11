"""All sample stories, partner by partner: our own inventions, on an invented coast, about nobody there is."""

from syndication.demo.story import Story
from syndication.demo.texts import coast_courier, harbour_daily, hill_post, valley_letter

STORIES: tuple[Story, ...] = (
    *harbour_daily.STORIES,
    *hill_post.STORIES,
    *valley_letter.STORIES,
    *coast_courier.STORIES,
)
