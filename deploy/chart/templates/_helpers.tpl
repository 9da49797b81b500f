{{- define "block-controller.selector" -}}
app.kubernetes.io/name: block-controller
app.kubernetes.io/component: controller
{{- end }}

{{- define "block-controller.labels" -}}
app.kubernetes.io/name: block-controller
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{/* The user that the API server sees. */}}
{{- define "block-controller.user" -}}
system:serviceaccount:{{ .Release.Namespace }}:block-controller
{{- end }}

{{- define "block-controller.leaseName" -}}
{{ index .Values.flags "leader-elect-resource-name" | default "block-controller" }}
{{- end }}

{{- define "block-controller.leaseNamespace" -}}
{{ index .Values.flags "leader-elect-resource-namespace" | default .Release.Namespace }}
{{- end }}

{{/* Nine tenths of the memory limit, in MiB: the controller takes no more work before the kernel ends it. */}}
{{- define "block-controller.maxMemoryMb" -}}
{{- $limit := dig "limits" "memory" "" .Values.resources | toString }}
{{- $number := regexFind "^[0-9]+" $limit | int }}
{{- if regexMatch "^[0-9]+Gi$" $limit }}
{{- div (mul $number 1024 9) 10 }}
{{- else if regexMatch "^[0-9]+Mi$" $limit }}
{{- div (mul $number 9) 10 }}
{{- else }}
{{- fail (printf "resources.limits.memory is %q: give it in Mi or Gi, or set flags.max-memory-mb" $limit) }}
{{- end }}
{{- end }}

{{/* A variable of an admission policy: whether a request is by the controller or by somebody who is named in the values. */}}
{{- define "block-controller.named" -}}
- name: named
  expression: >-
    request.userInfo.username in {{ append .named.users .user | toJson }}
    || request.userInfo.?groups.orValue([]).exists(group, group in {{ .named.groups | toJson }})
{{- end }}
