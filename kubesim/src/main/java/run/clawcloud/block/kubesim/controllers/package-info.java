/**
 * The controllers of a cluster, as far as pods appear and vanish: Deployment, ReplicaSet, ReplicationController,
 * StatefulSet, DaemonSet, Job, CronJob, garbage collection, namespaces and the status of quotas. In come the events of
 * the store, out go writes through {@link run.clawcloud.block.kubesim.api.ClusterApi};
 * {@link run.clawcloud.block.kubesim.controllers.ControllerManager} starts and wires them.
 * {@link run.clawcloud.block.kubesim.controllers.Router} says whom an event concerns, a
 * {@link run.clawcloud.block.kubesim.controllers.WorkQueue} per controller keeps the keys, a
 * {@link run.clawcloud.block.kubesim.controllers.Reconciler} reads the objects, decides by pure functions
 * ({@code …Plan}, {@code …Status}) and writes. Nothing is looked at before it changes, so namespaces that nobody
 * touches cost nothing. Behaviour and texts are those of kube-controller-manager 1.32.
 */
@NullMarked
package run.clawcloud.block.kubesim.controllers;

import org.jspecify.annotations.NullMarked;
