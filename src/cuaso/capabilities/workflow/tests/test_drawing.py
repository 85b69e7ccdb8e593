"""The flow is drawn with where the dossier is."""

from xml.etree import ElementTree

import pytest

from cuaso.capabilities.workflow import api
from cuaso.capabilities.workflow.tests.conftest import Desk
from cuaso.capabilities.workflow.tests.flows import BIRTH, flow

SVG = "{http://www.w3.org/2000/svg}"
PLACES = """<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI">
<bpmndi:BPMNPlane bpmnElement="p">
<bpmndi:BPMNShape bpmnElement="s"><dc:Bounds x="10" y="20" width="36" height="36"/>
</bpmndi:BPMNShape>
<bpmndi:BPMNShape bpmnElement="e"><dc:Bounds x="110" y="20" width="36" height="36"/>
</bpmndi:BPMNShape>
<bpmndi:BPMNEdge bpmnElement="s_e"><di:waypoint x="46" y="38"/><di:waypoint x="110" y="38"/>
</bpmndi:BPMNEdge></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"""


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '))


def classes(svg: str) -> list[str]:
    return [element.get("class", "") for element in parsed(svg).iter() if element.get("class")]


@pytest.mark.django_db
def test_the_drawing_says_where_the_dossier_is(birth: Desk) -> None:
    birth.do("receive")
    svg = api.drawing(birth.instance.id)
    root = parsed(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == (
        "Quy trình Đăng ký khai sinh: Nộp, Tiếp nhận đã xong; đang ở bước Thẩm tra; "
        "tiếp theo là Chờ bổ sung, Xin ý kiến, Lấy số định danh, Từ chối."
    )
    assert classes(svg).count("node now") == 1
    assert classes(svg).count("node done") == 2
    assert classes(svg).count("line past") == 2
    assert "(đang ở đây)" in svg
    assert "style=" not in svg


@pytest.mark.django_db
def test_a_finished_flow_is_drawn_with_its_way_past(birth: Desk) -> None:
    birth.do("receive")
    birth.do("examine", decision="approve")
    birth.do("consult")
    birth.do("personal_number")
    birth.do("approve")
    birth.do("seal")
    svg = api.drawing(birth.instance.id)
    assert parsed(svg).get("aria-label", "").endswith("đã kết thúc.")
    assert "node now" not in svg
    walked = ["f1", "f2", "f3", "f_ok", "f5", "f6", "f7", "f8", "f9", "f10", "f11"]
    assert classes(svg).count("line past") == len(walked)


def test_a_drawing_without_places_is_laid_out_with_every_element_once() -> None:
    svg = api.picture(BIRTH.encode())
    assert len([c for c in classes(svg) if c.startswith("node")]) == 16
    assert len([c for c in classes(svg) if c.startswith("line")]) == 16


def test_a_drawing_with_places_is_shown_as_it_was_drawn() -> None:
    xml = flow(
        '<startEvent id="s"/><endEvent id="e" name="&lt;Hết&gt; &amp; xong"/>'
        '<sequenceFlow id="s_e" sourceRef="s" targetRef="e"/>'
    ).replace(b"</definitions>", PLACES.encode() + b"</definitions>")
    svg = api.picture(xml)
    circle = next(parsed(svg).iter(f"{SVG}circle"))
    assert (circle.get("cx"), circle.get("cy"), circle.get("r")) == ("28", "38", "18")
    assert "M46 38L110 38" in svg
    assert "&lt;Hết&gt; &amp; xong" in svg
