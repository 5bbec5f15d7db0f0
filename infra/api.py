"""The HTTP API: four routes for Slack, everything else for the web room.

Knows routes, throttling and access logs. Refuses to know what a request means; each room verifies its own callers.
"""

from typing import cast

from aws_cdk import RemovalPolicy
from aws_cdk.aws_apigatewayv2 import CfnStage, HttpApi, HttpMethod, HttpRoute, HttpRouteKey, HttpStage, ThrottleSettings
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from aws_cdk.aws_lambda import IFunction
from aws_cdk.aws_logs import LogGroup
from constructs import Construct

from infra.config import Stage
from infra.findings import accept
from infra.room import retention

SLACK_ROUTES = ("commands", "interactions", "events", "options")
REQUESTS_PER_SECOND = 50
REQUESTS_AT_ONCE = 100
# No path, no query string and no headers: they may carry secrets.
ACCESS_LOG_LINE = (
    '{"request_id":"$context.requestId","at":"$context.requestTime","method":"$context.httpMethod",'
    '"route":"$context.routeKey","status":"$context.status","bytes":"$context.responseLength",'
    '"latency_ms":"$context.responseLatency","error":"$context.integrationErrorMessage"}'
)


class Api(Construct):
    """The one public address. Routes are added once the rooms exist, because the rooms are told the address."""

    def __init__(self, scope: Construct, name: str, *, stage: Stage) -> None:
        super().__init__(scope, name)
        self.http = HttpApi(self, "Http", create_default_stage=False, description="Deadair: Slack and the web pages.")
        self.logs = LogGroup(
            self, "AccessLogs", retention=retention(stage.log_days), removal_policy=RemovalPolicy.DESTROY
        )
        served = HttpStage(
            self,
            "Stage",
            http_api=self.http,
            stage_name="$default",
            auto_deploy=True,
            throttle=ThrottleSettings(rate_limit=REQUESTS_PER_SECOND, burst_limit=REQUESTS_AT_ONCE),
        )
        # By the raw resource: the typed setting is an interface that Python would have to implement.
        raw = cast(CfnStage, served.node.default_child)
        raw.access_log_settings = CfnStage.AccessLogSettingsProperty(
            destination_arn=self.logs.log_group_arn, format=ACCESS_LOG_LINE
        )

    @property
    def url(self) -> str:
        """The API's address, without a trailing slash."""
        return self.http.api_endpoint

    def route_slack(self, function: IFunction) -> None:
        """POST /slack/{commands,interactions,events,options} go to the Slack room."""
        integration = HttpLambdaIntegration("Slack", function)
        for path in SLACK_ROUTES:
            key = HttpRouteKey.with_(f"/slack/{path}", HttpMethod.POST)
            route = HttpRoute(self, f"Slack-{path}", http_api=self.http, route_key=key, integration=integration)
            accept(route, "AwsSolutions-APIG4", "Slack signs each request; the room answers a bare 401 to any other.")

    def route_everything_else(self, function: IFunction) -> None:
        """All other requests go to the web room."""
        integration = HttpLambdaIntegration("Web", function)
        route = HttpRoute(self, "Web", http_api=self.http, route_key=HttpRouteKey.DEFAULT, integration=integration)
        accept(
            route,
            "AwsSolutions-APIG4",
            "The room keeps its own door: signals are signed, people are refused unless it is local.",
        )
