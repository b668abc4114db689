"""What a layer declares: the one object by which every slice below the registry works with its content."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.features.content import Content
from app.features.facets import Facets
from app.taxonomy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Layer:
    """One kind of feature on the common spine.

    `key` is the same in code, database and every address. `content` is the Pydantic model of what a
    feature of this layer says. `facets` derives everything else from it. `public_content` gives the
    part that anybody may read, as JSON-ready data: contacts for partners and the exact place of a
    protected point are not in it. `singular` and `plural` are message ids.
    """

    key: str
    singular: str
    plural: str
    icon: str
    content: type[Content]
    facets: Callable[[Any, Vocabulary], Facets]
    public_content: Callable[[Any, Vocabulary], Mapping[str, Any]]
