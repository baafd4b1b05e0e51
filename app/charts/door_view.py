"""The access modes against the request, as a widget."""

from __future__ import annotations

from operator import attrgetter

from app.charts import doors
from app.charts.series_view import Kind, SeriesView
from app.present.access_chart import chart_text, summary


class Doors(SeriesView):
    """The modes against the request, as a widget."""

    title = doors.TITLE
    kind = Kind(doors.draw, attrgetter("bars"), attrgetter("subtitle"), summary, chart_text)
