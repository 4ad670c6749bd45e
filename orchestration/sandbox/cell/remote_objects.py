"""Proxies: what stands on one side for an object, a class or an exception of the other.

Not here: which of them may be asked what (remote_guards).
"""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any, Final

from orchestration.sandbox.cell import codec
from orchestration.sandbox.cell.remote_names import (
    BUILTINS,
    CLASS_LINK,
    LINK,
    SHOWING,
    SPECIALS,
    VALUED,
    exception_names,
    is_users,
    library_exception,
    library_name,
    library_object,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestration.sandbox.cell.remote_peer import Peer


def payload_base(kind: type, bases: tuple[type, ...]) -> type | None:
    return next((base for base in bases if issubclass(kind, base)), None)


def base_value(value: Any, base: Any) -> Any:
    """The plain builtin that an instance of a subclass holds, whatever its methods say."""
    if base is int:
        return int.__add__(value, 0)
    if base is float:
        return float.__float__(value)
    if base is complex:
        return complex.__add__(value, 0)
    if base in {str, bytes}:
        return base.__add__(value, base())
    if base is dict:
        return dict(dict.items(value))
    return base(base.__iter__(value))


def link_of(value: Any) -> tuple[Peer, int] | None:
    """Whose object a proxy stands for, and its handle there; None for what is no proxy."""
    link: tuple[Peer, int] | None = None
    if type(value) is RemoteClass:
        link = vars(value).get(CLASS_LINK)
    elif isinstance(value, RemoteObject):
        link = object.__getattribute__(value, LINK)
    elif type(type(value)) is RemoteClass or isinstance(value, BaseException):
        link = object.__getattribute__(value, "__dict__").get(LINK)
    return link


class RemoteClass(type):
    """The class of the classes that stand for classes of the other side."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> RemoteClass:
        """What a class statement calls; a mirror is made by type.__new__."""
        if bases:
            raise TypeError(f"{bases[0].__name__} lives in another process and can't be subclassed here")
        return type.__new__(cls, name, bases, body)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        peer, handle = class_link(cls)
        return peer.ask("call", handle, "", args, kwargs)

    def __getattr__(cls, name: str) -> Any:
        peer, handle = class_link(cls)
        peer.guard.check_attribute(name)
        return peer.ask("get", handle, name)

    def __setattr__(cls, name: str, value: Any) -> None:
        peer, handle = class_link(cls)
        peer.guard.check_attribute(name)
        peer.ask("set", handle, name, (value,))

    def __delattr__(cls, name: str) -> None:
        peer, handle = class_link(cls)
        peer.guard.check_attribute(name)
        peer.ask("delete", handle, name)

    def __iter__(cls) -> Any:
        peer, handle = class_link(cls)
        return peer.ask("special", handle, "__iter__")

    def __len__(cls) -> Any:
        peer, handle = class_link(cls)
        return peer.ask("special", handle, "__len__")

    def __bool__(cls) -> bool:
        return True

    def __getitem__(cls, key: Any) -> Any:
        peer, handle = class_link(cls)
        return peer.ask("item", handle, "", (key,))


def class_link(cls: type) -> tuple[Peer, int]:
    link: tuple[Peer, int] | None = vars(cls).get(CLASS_LINK)
    if link is None:
        raise TypeError("no class of the candidate")
    return link


class RemoteObject(metaclass=RemoteClass):
    """A proxy: all that its class does not define locally is asked from the owner of the object."""

    __slots__ = (LINK, "__weakref__", "_aibaas_payload")
    _aibaas_class = None

    def __getattr__(self, name: str) -> Any:
        return remote_attribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        peer, handle = proxy_link(self)
        peer.guard.check_attribute(name)
        peer.ask("set", handle, name, (value,))

    def __delattr__(self, name: str) -> None:
        peer, handle = proxy_link(self)
        peer.guard.check_attribute(name)
        peer.ask("delete", handle, name)

    def __copy__(self) -> Any:
        peer, handle = proxy_link(self)
        return peer.ask("copy", handle, "copy")

    def __deepcopy__(self, _: Any) -> Any:
        peer, handle = proxy_link(self)
        return peer.ask("copy", handle, "deepcopy")

    def __del__(self) -> None:
        peer, handle = object.__getattribute__(self, LINK)
        peer.released.add(handle)
        peer.mixed.discard(handle)


class RemoteExit(Exception):  # noqa: N818 (it is never raised)
    """Stands for what would end the process that raises it."""


def proxy_link(proxy: Any) -> tuple[Peer, int]:
    link = link_of(proxy)
    if link is None:
        raise TypeError("no proxy")
    return link


FUNCTION_NAMES: Final = ("__name__", "__qualname__", "__doc__")


def remote_attribute(proxy: Any, name: str) -> Any:
    peer, handle = proxy_link(proxy)
    payload = getattr(proxy, "_aibaas_payload", None) if name != "_aibaas_payload" else None
    if payload is not None and name in FUNCTION_NAMES:
        return payload[FUNCTION_NAMES.index(name)]
    if name.startswith("_aibaas") or name in SPECIALS:
        raise AttributeError(name)
    peer.guard.check_attribute(name)
    return peer.ask("get", handle, name)


def new_proxy(peer: Peer, handle: int, cls: Any, payload: Any) -> Any:
    if issubclass(cls, RemoteObject):
        proxy: Any = object.__new__(cls)
        object.__setattr__(proxy, LINK, (peer, handle))
        object.__setattr__(proxy, "_aibaas_payload", payload)
    else:
        base = payload_base(cls, VALUED)
        if base is None or type(payload) is not base:
            raise ValueError("a value of another type than its class")
        proxy = base.__new__(cls, payload)
        object.__setattr__(proxy, LINK, (peer, handle))
    return proxy


def new_exception(peer: Peer, handle: int, cls: Any, args: list[Any], message: str) -> BaseException:
    if not isinstance(cls, type) or not issubclass(cls, Exception):
        raise ValueError("no class of exceptions")  # noqa: TRY004 (malformed, not a type error)
    try:
        error = cls(*args) if cls in BUILTINS.values() else cls.__new__(cls, *args)
    except Exception:  # noqa: BLE001 (a class of the standard library with arguments of its own)
        error = cls.__new__(cls)
    BaseException.__init__(error, *args)
    error.__dict__.update({LINK: (peer, handle), "_aibaas_message": message})
    return error


def new_mirror(peer: Peer, handle: int, description: Any) -> type:
    name, bases, specials, root, is_unhashable = description
    body: dict[str, Any] = {CLASS_LINK: (peer, handle), "__module__": "candidate"}
    for special in specials:
        if special in MIRRORED:
            body[special] = MIRRORED[special]
    if is_unhashable is True:
        body["__hash__"] = None
    local = tuple(peer.mirror(base) for base in bases)
    found = library_exception(root) if "." in root else library_object(root) if root else RemoteObject
    if issubclass(found, Exception):
        return mirrored_exception(str(name), local, found, body)
    if found in VALUED:
        body = {key: value for key, value in body.items() if key not in SPECIALS or key in SHOWING - {"__hash__"}}
        body.update(__getattr__=remote_attribute, __hash__=found.__hash__)
    return mirrored(str(name), local, found if found in VALUED else RemoteObject, body)


def mirrored(name: str, bases: tuple[type, ...], root: type, body: dict[str, Any]) -> type:
    if root is RemoteObject:
        body.setdefault("__slots__", ())
        if "__call__" in body:
            body["__doc__"] = property(remote_doc)
    parents = tuple(base for base in bases if issubclass(base, root)) or (root,)
    return type.__new__(RemoteClass, name[: codec.LONGEST_NAME], parents, body)


def mirrored_exception(name: str, bases: tuple[type, ...], root: type, body: dict[str, Any]) -> type:
    kept = {key: body[key] for key in (CLASS_LINK, "__module__")}
    kept.update(__getattr__=remote_attribute, __str__=remote_message)
    parents = tuple(base for base in bases if issubclass(base, Exception))
    if not any(issubclass(parent, root) for parent in parents):
        parents = (*parents, root)
    return type.__new__(RemoteClass, name[: codec.LONGEST_NAME], parents, kept)


def remote_message(error: Any) -> str:
    return str(error.__dict__["_aibaas_message"])


def remote_doc(proxy: Any) -> Any:
    return remote_attribute(proxy, "__doc__") if proxy._aibaas_payload else None  # noqa: SLF001 (it is ours)


def call_remote(proxy: Any, /, *args: Any, **kwargs: Any) -> Any:
    peer, handle = proxy_link(proxy)
    return peer.ask("call", handle, "", args, kwargs)


def mirrored_special(name: str) -> Callable[..., Any]:
    def special(proxy: Any, *args: Any) -> Any:
        args = tuple(None if isinstance(item, types.TracebackType) else item for item in args)
        return proxy_link(proxy)[0].guard.ask_special(proxy, name, args)

    special.__name__ = name
    return special


MIRRORED: Final[dict[str, Callable[..., Any]]] = {name: mirrored_special(name) for name in SPECIALS} | {
    "__call__": call_remote
}


def described(peer: Peer, cls: type) -> tuple[Any, ...]:
    """What the other side needs to build a mirror: name, bases' handles, specials, the builtin it is, hashability."""
    own = [name for name in (*SPECIALS, "__call__") if has_special(cls, name)]
    bases = tuple(peer.lend(base, is_passed=False) for base in cls.__bases__ if base is not object and is_users(base))
    return cls.__name__, bases, tuple(own), root_of(cls), getattr(cls, "__hash__", None) is None


def has_special(cls: type, name: str) -> bool:
    found = getattr(cls, name, None)
    return found is not None and found is not getattr(object, name, None)


def root_of(cls: type) -> str:
    """The nearest exception, or the builtin whose value an instance is."""
    if issubclass(cls, BaseException):
        return exception_names(cls)
    base = payload_base(cls, VALUED)
    if base is None or library_name(cls):
        return ""
    return base.__name__
